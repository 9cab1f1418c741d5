import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

/** The page for looking at the screens without a server. */
export default defineConfig({ root: import.meta.dirname, plugins: [react()], build: { target: 'chrome150' } })
