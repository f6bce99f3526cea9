/** Returns how the user called this program: by npx, which finds it in a project's folder, or by its name. */
export function commandName(): string {
  return process.env['npm_command'] === 'exec' ? 'npx carbon-exports' : 'carbon-exports';
}
