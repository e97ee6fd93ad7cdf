/** Text about a row: masks, and the id of the run, look different from values. */
export function MaskedText({ text }: { readonly text: string }) {
  return (
    <>
      {text.split(/(‹[^›]*›|\{\{id\}\})/).map((part, i) =>
        i % 2 === 0 ? (
          part
        ) : (
          <i
            key={i}
            class="mask"
            title={part === '{{id}}' ? 'the id of the run' : 'masked: only the kind is compared'}
          >
            {part}
          </i>
        ),
      )}
    </>
  )
}
