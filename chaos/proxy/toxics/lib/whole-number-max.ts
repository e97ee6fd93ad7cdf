/**
 * The largest value of a whole number in a toxic's attributes. Toxiproxy has int64; a JSON number of JavaScript is exact up
 * to this one.
 */
export const wholeNumberMax = Number.MAX_SAFE_INTEGER
