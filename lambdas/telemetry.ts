import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics } from '@aws-lambda-powertools/metrics';
import { Tracer } from '@aws-lambda-powertools/tracer';
import { METRIC_NAMESPACE } from './metric-names';

/** Structured logs of a function. */
export const logger = new Logger();

/** X-Ray traces of a function; does nothing outside Lambda. */
export const tracer = new Tracer();

/** CloudWatch metrics, written to the log in the embedded format. */
export const metrics = new Metrics({ namespace: METRIC_NAMESPACE });
