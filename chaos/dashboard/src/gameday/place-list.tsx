/** A list of places in the order in which they were added. */
export function PlaceList({
  label,
  places,
  chosen,
  onChange,
}: {
  readonly label: string
  readonly places: readonly string[]
  readonly chosen: readonly string[]
  readonly onChange: (chosen: readonly string[]) => void
}) {
  return (
    <fieldset>
      <legend>{label}</legend>
      {chosen.length > 0 && (
        <ol class="chain">
          {chosen.map((place) => (
            <li key={place}>
              <code>{place}</code>{' '}
              <button
                type="button"
                class="small quiet"
                aria-label={`Remove ${place}`}
                onClick={() => onChange(chosen.filter((one) => one !== place))}
              >
                ✕
              </button>
            </li>
          ))}
        </ol>
      )}
      <select
        value=""
        aria-label={`${label}: add a place`}
        onChange={({ currentTarget }) => {
          const { value } = currentTarget
          currentTarget.value = ''
          if (value !== '') onChange([...chosen, value])
        }}
      >
        <option value="">add a place</option>
        {places
          .filter((place) => !chosen.includes(place))
          .map((place) => (
            <option key={place}>{place}</option>
          ))}
      </select>
    </fieldset>
  )
}
