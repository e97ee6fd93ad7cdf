/** The colours of a diagram: custom properties of the page's style sheet, and their values where there is none. */
const palette = {
  panel: { light: '#ffffff', dark: '#1c2026' },
  edge: { light: '#dedbd4', dark: '#323943' },
  ink: { light: '#1d2126', dark: '#eceef1' },
  'ink-2': { light: '#565d66', dark: '#b3bac3' },
  ok: { light: '#1f77c9', dark: '#6db6fe' },
  accent: { light: '#1f5fae', dark: '#7db6f5' },
  unknown: { light: '#a15c00', dark: '#ffb84d' },
  fail: { light: '#c2185b', dark: '#ff6fa8' },
  fault: { light: '#b04a00', dark: '#ffb066' },
  good: { light: '#1c7a4a', dark: '#63d297' },
} as const

export type ColourName = keyof typeof palette

/** `variables`: those of the page. A file of its own has fixed colours: few programs that show SVG know custom properties. */
export type Colours = 'variables' | 'light' | 'dark'

export function colour(name: ColourName, colours: Colours): string {
  return colours === 'variables' ? `var(--${name}, ${palette[name].light})` : palette[name][colours]
}
