/** The outside world as it really is: the machine's clock, ids, and the log. */
export { type ManualClock, manualClock, systemClock } from './clock.ts'
export { oneLine } from './escape.ts'
export { createIds } from './ids.ts'
export { createLogFile, type LogFile, type LogFileOptions, type LogFolder } from './log-file.ts'
export { createLog, type LogOptions, type LogPrivacy, type LogSink, maskBody, maskPerson } from './log.ts'
export { stderrSink } from './stderr.ts'
