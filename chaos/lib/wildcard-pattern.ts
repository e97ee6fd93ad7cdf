/**
 * The regular expression of a name or signature with wildcards. It matches the whole text; `*` stands for any number of any
 * characters. Names (`api-*`) are case-sensitive. Signatures (`post *`, `commit`) are not: pass `ignoreCase`.
 */
export function wildcardPattern(
  text: string,
  options: { readonly ignoreCase?: boolean } = {},
): RegExp {
  const source = text
    .split('*')
    .map((part) => RegExp.escape(part))
    .join('.*')
  return new RegExp(`^${source}$`, options.ignoreCase === true ? 'is' : 's')
}
