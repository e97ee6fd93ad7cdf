/** The look of a line in a chart, with its name. */
export function LineKey(props: {
  readonly colour: string
  readonly dash?: string
  readonly text: string
}) {
  return (
    <span class="key">
      <svg viewBox="0 0 12 12" aria-hidden="true">
        <path
          d="M0 6h12"
          stroke={`var(${props.colour})`}
          stroke-width="2.5"
          stroke-dasharray={props.dash}
        />
      </svg>
      {props.text}
    </span>
  )
}
