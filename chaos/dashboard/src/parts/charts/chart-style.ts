const colours = new Map<string, string>()
window.addEventListener('unhappy-theme', () => colours.clear())

/** A colour of the style sheet. Cached, because a chart draws about a thousand marks several times a second. */
export function styleColour(variable: string): string {
  const known = colours.get(variable)
  if (known !== undefined) return known
  const colour = getComputedStyle(document.documentElement).getPropertyValue(variable).trim()
  colours.set(variable, colour)
  return colour
}

/** The root font size of the style sheet on a laptop. On a projector it is larger. */
const laptopPx = 15

/** Pixels on a canvas for a size on a laptop, in proportion to the page's font size. */
export function stylePx(px: number): number {
  const root = Number.parseFloat(getComputedStyle(document.documentElement).fontSize)
  return (px * root) / laptopPx
}
