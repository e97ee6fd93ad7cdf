const widths = new Map<string, number>()
const widthsMax = 2_000
let ctx: CanvasRenderingContext2D | null = null

/**
 * The width of a text of the picture, in units of its view box. A canvas measures it: a measurement in the document makes the
 * browser lay out the page, which is expensive when twenty labels change together. `font` is that of the style sheet, without
 * the family.
 */
export function textWidth(text: string, font: string): number {
  // Digits have the same width, so figures that change are measured once.
  const measured = text.replaceAll(/\d/g, '0')
  const key = `${font} ${measured}`
  const known = widths.get(key)
  if (known !== undefined) return known
  ctx ??= document.createElement('canvas').getContext('2d')
  if (ctx === null) return 0
  const family = getComputedStyle(document.documentElement).getPropertyValue('--sans')
  ctx.font = `${font} ${family}`
  const { width } = ctx.measureText(measured)
  if (widths.size >= widthsMax) widths.clear()
  widths.set(key, width)
  return width
}
