import { loggableJson } from './loggable.ts'

/** Fields of a log line. `err` is an `Error`; secrets and personal values have no place here. */
export type LogFields = Readonly<Record<string, unknown>>

/** Where the framework writes its lines. A pino logger is one as it is. */
export interface Logger {
  debug(fields: LogFields, message: string): void
  info(fields: LogFields, message: string): void
  warn(fields: LogFields, message: string): void
  error(fields: LogFields, message: string): void
  /** A logger that adds `fields` to every line. */
  child(fields: LogFields): Logger
}

/** From the least important up; a logger leaves out what is below its own. */
export type LogLevel = 'debug' | 'info' | 'warn' | 'error'

const LEVELS: readonly LogLevel[] = ['debug', 'info', 'warn', 'error']

/** What {@link jsonLogger} writes, and where. */
export interface JsonLoggerOptions {
  /** @default 'info' */
  readonly level?: LogLevel
  /** Takes a line with its end. @default writes to stderr */
  readonly write?: (line: string) => void
  /** Stand in every line. */
  readonly bindings?: LogFields
  /** Fields with the name of a secret (`token`, `password`, `authorization`) say `[redacted]`. @default true */
  readonly redact?: boolean
  /** The time of a line. @default the machine's, as ISO-8601 in UTC */
  readonly now?: () => string
}

/** One JSON object a line. */
export function jsonLogger(options: JsonLoggerOptions = {}): Logger {
  const { level = 'info', write = toStderr, bindings = {}, now = wallTime, redact = true } = options
  const line = (of: LogLevel) => (fields: LogFields, message: string) => {
    if (LEVELS.indexOf(of) < LEVELS.indexOf(level)) return
    write(`${loggableJson({ level: of, time: now(), ...bindings, ...fields, msg: message }, redact)}\n`)
  }
  return {
    debug: line('debug'),
    info: line('info'),
    warn: line('warn'),
    error: line('error'),
    child: (fields) => jsonLogger({ ...options, bindings: { ...bindings, ...fields } }),
  }
}

/** A logger that says nothing. */
export function silentLogger(): Logger {
  const nothing = (): void => {}
  const logger: Logger = { debug: nothing, info: nothing, warn: nothing, error: nothing, child: () => logger }
  return logger
}

function toStderr(line: string): void {
  process.stderr.write(line)
}

function wallTime(): string {
  return new Date().toISOString()
}
