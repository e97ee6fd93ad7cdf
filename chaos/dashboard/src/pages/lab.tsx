export function LabPage({ id }: { readonly id: string | undefined }) {
  return <p>{id}</p>
}
