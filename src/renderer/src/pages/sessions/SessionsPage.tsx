export function SessionsPage() {
  return <main className="console" id="main" tabIndex={-1} />
}
