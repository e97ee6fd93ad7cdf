/** How the page draws a link while a toxic or a fault acts on it, and what each look means. */
export const looks = {
  plain: 'Everything passes as it was sent.',
  slow: 'Everything arrives, later or at a limited rate.',
  lossy: 'Packets are lost and sent again: the stream stalls, no byte is missing.',
  changed: 'What arrives is not what was sent: changed bytes, or an injected response.',
  cut: 'Connections end early, or new ones are refused.',
  silent: 'Connections stay open, but data that is sent does not arrive.',
} as const

export type Look = keyof typeof looks
