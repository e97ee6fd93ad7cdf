/** No name and no signature is longer. The engine of regular expressions has a limit, too. */
const lengthMax = 10_000
const nothing = /(?!)/

/**
 * The regular expression of a name or signature with wildcards. It matches the whole text; `*` stands for any number of any
 * characters. Names (`api-*`) are case-sensitive. Signatures (`post *`, `commit`) are not: pass `ignoreCase`.
 */
export function wildcardPattern(
  text: string,
  options: { readonly ignoreCase?: boolean } = {},
): RegExp {
  if (text.length > lengthMax) return nothing
  const source = text
    .split('*')
    .map((part) => RegExp.escape(part))
    .join('.*')
  return new RegExp(`^${source}$`, options.ignoreCase === true ? 'is' : 's')
}
