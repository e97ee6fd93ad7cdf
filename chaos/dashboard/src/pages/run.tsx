export function RunPage({ id }: { readonly id: string | undefined }) {
  return <p>{id}</p>
}
