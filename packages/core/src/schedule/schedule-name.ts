/** `plugin.verb`: `digest.send`, `core.removeDeadJobs`. */
export const SCHEDULE_NAME = /^[a-z][a-z0-9-]*(\.[A-Za-z0-9-]+)+$/
