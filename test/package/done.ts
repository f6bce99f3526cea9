let parts = 0;

/** Prints that a part of the suite has passed, and counts it. */
export function done(text: string): void {
  parts += 1;
  console.log(text);
}

/** Returns the number of parts that have passed. */
export function partsDone(): number {
  return parts;
}
