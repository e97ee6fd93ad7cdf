import type { LabOption } from '../../../../contracts/workshop.ts'

/** Chooses one of the labs; with `none`, also no lab, which is the empty text. */
export function LabSelect({
  labs,
  value,
  onChange,
  none,
  label = 'Lab',
}: {
  readonly labs: readonly LabOption[]
  readonly value: string
  readonly onChange: (lab: string) => void
  readonly none?: string
  readonly label?: string
}) {
  return (
    <label>
      {label}
      <select value={value} onChange={({ currentTarget }) => onChange(currentTarget.value)}>
        {none !== undefined && <option value="">{none}</option>}
        {labs.map(({ id, title, minutes }) => (
          <option key={id} value={id}>
            {id}: {title} ({minutes} min)
          </option>
        ))}
      </select>
    </label>
  )
}
