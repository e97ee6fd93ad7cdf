/**
 * Bounds of what users can give, where nothing smaller follows from the thing itself. They are far above every sensible
 * value. Without a bound, one wrong digit fills the memory or starves the controller.
 */

/** Characters of a name, a pattern, an id or a word. */
export const nameLengthMax = 200
/** Characters of a path. */
export const pathLengthMax = 4_096
/** Characters of a text that users read or write, such as an explanation. */
export const textLengthMax = 10_000
/** Characters of a scenario file. */
export const scenarioLengthMax = 256_000
/** Entries of a list, and keys of a mapping. */
export const entriesMax = 1_000
/** Nested arrays and objects in JSON, and nested values in YAML. Deeper ones exhaust the stack. */
export const nestingMax = 100
/** How often something happens; a number in a sequence. */
export const countMax = 1_000_000
/** A multiple of another figure. */
export const timesMax = 1_000_000
/** 1 TiB. */
export const bytesMax = 2 ** 40
/** Milliseconds of one hour. */
export const millisecondsMax = 3_600_000
/** Characters of a duration or of a rate. */
export const durationLengthMax = 20
/** Lines of a log in one request. */
export const logLinesMax = 10_000
/** Requests of one kind per second in a scenario. */
export const ratePerSecondMax = 1_000
/** Arrivals of one load. They are planned before the load starts, in memory. */
export const operationsMax = 100_000

/** Places in one answer about an incident. */
export const answeredPlacesMax = 30

/** Messages in one recording of the flows of a run, and the bytes of their text. */
export const recordedMessagesMax = 60_000
export const recordedBytesMax = 24 * 1024 * 1024
