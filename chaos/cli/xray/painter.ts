import type { Paint } from '#chaos/xray/showing/matrix-text.ts'

import type { Printer } from '../ui/printer.ts'

/** Colours of cell results on a terminal. */
export function painter({ colours }: Printer): Paint {
  const { red, yellow, green, dim, bold } = colours
  return (colour, text) => {
    switch (colour) {
      case 'red':
        return bold(red(text))
      case 'orange':
        return bold(yellow(text))
      case 'yellow':
        return yellow(text)
      case 'pale-green':
        return dim(green(text))
      case 'green':
        return green(text)
      case 'grey':
        return dim(text)
    }
  }
}
