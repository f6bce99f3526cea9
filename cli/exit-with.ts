/** Ends the process with the exit code that some work gives; what it throws is printed and ends it with 1. */
export function exitWith(work: Promise<number>): void {
  work.then(
    (code) => {
      process.exitCode = code;
    },
    (error: unknown) => {
      console.error(error);
      process.exitCode = 1;
    },
  );
}
