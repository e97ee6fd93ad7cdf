const colours = new Map<string, string>()
window.addEventListener('unhappy-theme', () => colours.clear())

/** A colour of the style sheet. Remembered: a chart asks for each of a thousand marks, ten times a second. */
export function styleColour(variable: string): string {
  const known = colours.get(variable)
  if (known !== undefined) return known
  const colour = getComputedStyle(document.documentElement).getPropertyValue(variable).trim()
  colours.set(variable, colour)
  return colour
}

/** Root size of the style sheet on a laptop; it is larger on a projector. */
const laptopPx = 15

/** Pixels on a canvas of what has so many on a laptop: it grows with the rest of the page. */
export function stylePx(px: number): number {
  const root = Number.parseFloat(getComputedStyle(document.documentElement).fontSize)
  return (px * root) / laptopPx
}
