/** Where a command writes and what it may know of its surroundings. */
export interface Io {
  readonly stdout: Output
  readonly stderr: Output
  readonly cwd: string
  /** Colours may be used on stdout. @default false */
  readonly colour?: boolean
  /** Resolves when the process is asked to stop; only commands that run until then call it. */
  stopRequested?(): Promise<unknown>
}

export interface Output {
  write(text: string): unknown
}
