export function RunsPage() {
  return <p />
}
