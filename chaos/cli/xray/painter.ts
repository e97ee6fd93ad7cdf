import type { Paint } from '#chaos/xray/showing/matrix-text.ts'

import type { Output } from '../ui/output.ts'

/** Colours of results on a terminal. */
export function painter({ colours }: Output): Paint {
  const { red, yellow, green, dim, bold } = colours
  return (colour, text) => {
    switch (colour) {
      case 'red':
        return bold(red(text))
      case 'orange':
        return bold(yellow(text))
      case 'pale-green':
        return dim(green(text))
      case 'green':
        return green(text)
      case 'grey':
        return dim(text)
    }
  }
}
