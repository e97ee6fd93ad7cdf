/** Text that breaks between words only. A browser also breaks at a hyphen, as in `api-1:payments`. */
export function UnbrokenWords({ text }: { readonly text: string }) {
  const words = text.split(' ')
  return (
    <>
      {words.map((word, i) => (
        <>
          {i > 0 && ' '}
          {word.includes('-') ? <span class="nowrap">{word}</span> : word}
        </>
      ))}
    </>
  )
}
