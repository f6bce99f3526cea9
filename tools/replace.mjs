import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import process from 'node:process';

/** Replaces a file in one step: a program that starts meanwhile never loads half of it. */
export function replace(path, content) {
  if (existsSync(path) && readFileSync(path).equals(content)) return;
  mkdirSync(dirname(path), { recursive: true });
  const unfinished = `${path}.${String(process.pid)}.unfinished`;
  writeFileSync(unfinished, content);
  renameSync(unfinished, path);
}
