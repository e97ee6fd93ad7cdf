/** Asks how sure the learner is of an answer, in percent. */
export function ConfidenceField(props: {
  readonly value: number
  readonly onChange: (percent: number) => void
}) {
  const { value, onChange } = props
  return (
    <label>
      <span>
        How sure are you? <span class="value">{value} %</span>
      </span>
      <input
        type="range"
        min={0}
        max={100}
        step={5}
        value={value}
        onInput={(event) => onChange(Number(event.currentTarget.value))}
      />
    </label>
  )
}
