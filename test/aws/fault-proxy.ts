import { once } from 'node:events';
import {
  createServer,
  type IncomingMessage,
  request as httpRequest,
  type Server,
  type ServerResponse,
} from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

/** A request as the proxy received it. */
export interface SeenRequest {
  readonly method: string;
  /** Path with query. */
  readonly url: string;
  /** Operation of a JSON API, e.g. `AWSOrganizationsV20161128.ListAccounts`; blank for S3. */
  readonly target: string;
  readonly body: string;
  /** Access key of the request: the step whose function sent it. */
  readonly caller: string;
}

/** What the proxy does with a request instead of forwarding it. */
export type Fault =
  /** Answers with this status and body. */
  | { readonly kind: 'answer'; readonly status: number; readonly body: string }
  /** Breaks the connection: at once, or after the server's answer has begun. */
  | { readonly kind: 'reset'; readonly afterBytes?: number }
  /** Never answers. */
  | { readonly kind: 'hang' }
  /** Sends the first half of the answer, and the rest so many ms later. */
  | { readonly kind: 'slow'; readonly ms: number };

/** A proxy in front of a server. It fails in the ways in which AWS fails. */
export class FaultProxy {
  /** Returns what to do with a request; undefined forwards it. */
  fault: (request: SeenRequest) => Fault | undefined = () => undefined;
  /** Called with every request. */
  onSeen: (request: SeenRequest) => void = () => undefined;
  /** Called once the server has answered, before the answer goes back. */
  onAnswered: (request: SeenRequest) => void = () => undefined;
  /** Changes the body of a request. */
  rewriteRequest: (request: SeenRequest) => string | undefined = () => undefined;
  /** Changes the body of an answer. */
  rewrite: (request: SeenRequest, body: string) => string | undefined = () => undefined;
  /** All requests since the list was last emptied. */
  seen: SeenRequest[] = [];

  private constructor(
    private readonly server: Server,
    private readonly upstreamPort: number,
    readonly port: number,
  ) {}

  static async start(upstreamPort: number, port: number): Promise<FaultProxy> {
    const server = createServer((incoming, answer) => {
      proxy.handle(incoming, answer).catch(() => {
        answer.destroy();
      });
    });
    const proxy = new FaultProxy(server, upstreamPort, port);
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    return proxy;
  }

  get url(): string {
    return `http://127.0.0.1:${String(this.port)}`;
  }

  /** Forwards every request again, and empties the list of requests. */
  reset(): void {
    this.fault = () => undefined;
    this.onAnswered = () => undefined;
    this.rewrite = () => undefined;
    this.seen = [];
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }

  private async handle(incoming: IncomingMessage, answer: ServerResponse): Promise<void> {
    const body = await bodyOf(incoming);
    const seen = seenRequest(incoming, body);
    this.seen.push(seen);
    this.onSeen(seen);
    const fault = this.fault(seen);
    if (fault?.kind === 'answer') {
      answer.writeHead(fault.status, { 'content-type': 'application/x-amz-json-1.1' }).end(fault.body);
      return;
    }
    if (fault?.kind === 'reset' && fault.afterBytes === undefined) {
      incoming.socket.resetAndDestroy();
      return;
    }
    if (fault?.kind === 'hang') return;
    const changed = this.rewriteRequest(seen);
    const { status, headers, content } = await this.pass(
      incoming,
      changed === undefined ? body : Buffer.from(changed),
    );
    this.onAnswered(seen);
    const rewritten = this.rewrite(seen, content.toString('utf8'));
    const sent = rewritten === undefined ? content : Buffer.from(rewritten);
    if (rewritten !== undefined) headers['content-length'] = String(sent.length);
    answer.writeHead(status, headers);
    await this.send(incoming, answer, sent, fault);
  }

  private async send(
    incoming: IncomingMessage,
    answer: ServerResponse,
    content: Buffer,
    fault: Fault | undefined,
  ): Promise<void> {
    if (fault?.kind === 'reset') {
      answer.write(content.subarray(0, fault.afterBytes), () => incoming.socket.resetAndDestroy());
      return;
    }
    if (fault?.kind === 'slow') {
      answer.write(content.subarray(0, content.length / 2));
      await sleep(fault.ms);
      answer.end(content.subarray(content.length / 2));
      return;
    }
    answer.end(content);
  }

  private async pass(
    incoming: IncomingMessage,
    body: Buffer,
  ): Promise<{ status: number; headers: Record<string, string | string[]>; content: Buffer }> {
    const headersOfRequest = { ...incoming.headers, 'content-length': String(body.length) };
    delete headersOfRequest['transfer-encoding'];
    const upstream = httpRequest({
      host: '127.0.0.1',
      port: this.upstreamPort,
      method: incoming.method,
      path: incoming.url,
      headers: headersOfRequest,
    });
    upstream.end(body);
    const [response] = (await once(upstream, 'response')) as [IncomingMessage];
    const content = await bodyOf(response);
    const headers: Record<string, string | string[]> = {};
    for (const [name, value] of Object.entries(response.headers)) {
      if (value !== undefined && name !== 'transfer-encoding' && name !== 'connection') headers[name] = value;
    }
    return { status: response.statusCode ?? 502, headers, content };
  }
}

function seenRequest({ method = '', url = '', headers }: IncomingMessage, body: Buffer): SeenRequest {
  const target = headers['x-amz-target'];
  return {
    ...{ method, url, target: typeof target === 'string' ? target : '', body: body.toString('latin1') },
    caller: /Credential=([^/]+)/.exec(headers.authorization ?? '')?.[1] ?? '',
  };
}

async function bodyOf(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
