/** Saves a text as a file of the user. */
export function saveText(name: string, text: string, type: string): void {
  save(name, `data:${type};charset=utf-8,${encodeURIComponent(text)}`)
}

/** Saves an SVG as a PNG, drawn by the browser at twice its size. Rejects when the browser cannot draw it. */
export async function savePng(name: string, svg: string): Promise<void> {
  const image = new Image()
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`
  await image.decode()
  const canvas = document.createElement('canvas')
  // Browsers limit the size of a canvas.
  const scale = Math.min(2, 16_000 / Math.max(image.width, image.height))
  canvas.width = Math.round(image.width * scale)
  canvas.height = Math.round(image.height * scale)
  const context = canvas.getContext('2d')
  if (context === null) throw new Error('The browser cannot draw the picture. Export it as SVG.')
  context.scale(scale, scale)
  context.drawImage(image, 0, 0)
  save(name, canvas.toDataURL('image/png'))
}

function save(name: string, url: string): void {
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
}
