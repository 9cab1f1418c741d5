import { execFile } from 'node:child_process'
import { type Disk, isCode } from './disk.ts'

/** Says which run of which process a pid is; undefined when no such process lives. */
export type Identify = (pid: number) => Promise<string | undefined>

/**
 * A pid alone is given again after a restart; with the time its process began, and the boot that was in, it is not.
 * Linux: /proc/<pid>/stat field 22 (clock ticks since boot) and the boot id. macOS: what `ps` says. Windows has nothing
 * as cheap: there a living pid counts as the same process, which errs on the side of refusing.
 */
export function identifyOn(disk: Disk): Identify {
  return async (pid) => {
    if (!Number.isInteger(pid) || pid <= 0) return undefined
    if (process.platform === 'linux') return identifyOnLinux(disk, pid)
    if (!isAlive(pid)) return undefined
    return process.platform === 'darwin' ? startedByPs(pid) : 'alive'
  }
}

async function identifyOnLinux(disk: Disk, pid: number): Promise<string | undefined> {
  try {
    const stat = (await disk.readFile(`/proc/${String(pid)}/stat`)).toString()
    // The name, in parentheses, may hold anything: count from behind it. State is field 3, the start time field 22.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    if (fields[0] === 'Z' || fields[0] === 'X') return undefined
    const boot = (await disk.readFile('/proc/sys/kernel/random/boot_id')).toString().trim()
    return `${fields[19] ?? ''} ${boot}`
  } catch (error) {
    if (isCode(error, 'ENOENT', 'ESRCH')) return isAlive(pid) ? 'alive' : undefined
    throw error
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return isCode(error, 'EPERM')
  }
}

function startedByPs(pid: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    execFile('ps', ['-o', 'lstart=', '-p', String(pid)], (error, out) => {
      resolve(error ? undefined : out.trim() || undefined)
    })
  })
}
