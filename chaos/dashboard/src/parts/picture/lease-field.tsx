const choicesS = [10, 30, 60, 300]

/** The lease of a fault or a trap, in seconds: it ends after this time at the latest. */
export function LeaseField(props: {
  readonly seconds: number
  readonly onChange: (seconds: number) => void
}) {
  return (
    <label>
      Lease
      <select
        value={String(props.seconds)}
        onChange={(event) => props.onChange(Number(event.currentTarget.value))}
      >
        {choicesS.map((seconds) => (
          <option key={seconds} value={String(seconds)}>
            {seconds < 60 ? `${seconds} s` : `${seconds / 60} min`}
          </option>
        ))}
      </select>
    </label>
  )
}
