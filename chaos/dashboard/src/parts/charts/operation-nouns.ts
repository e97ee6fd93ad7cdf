/** The kinds of operations of the chart, in the order of their marks. */
export const operationNouns: Readonly<Record<string, string>> = {
  'place-order': 'orders',
  browse: 'browse requests',
  quote: 'quote requests',
  'read-order': 'order reads',
}
