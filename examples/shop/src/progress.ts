/** Shows on stderr how far a task is: a bar in a terminal, a line every tenth elsewhere. */
export interface Progress {
  readonly update: (share: number) => void
  /** Leaves the terminal on a line of its own. */
  readonly end: () => void
}

const WIDTH = 30

export function createProgress(label: string, out: NodeJS.WriteStream = process.stderr): Progress {
  return out.isTTY ? bar(label, out) : lines(label, out)
}

function bar(label: string, out: NodeJS.WriteStream): Progress {
  let shown = ''
  return {
    update(share) {
      const full = Math.round(share * WIDTH)
      const text = `${label} [${'█'.repeat(full)}${'░'.repeat(WIDTH - full)}] ${percent(share)}`
      if (text !== shown) out.write(`\r${text}`)
      shown = text
    },
    end() {
      if (shown !== '') out.write('\n')
      shown = ''
    },
  }
}

function lines(label: string, out: NodeJS.WriteStream): Progress {
  let next = 0
  return {
    update(share) {
      if (share < next) return
      out.write(`${label} ${percent(share)}\n`)
      next = Math.min(1, Math.floor(share * 10) / 10 + 0.1)
      if (share >= 1) next = Infinity
    },
    end() {},
  }
}

function percent(share: number): string {
  return `${Math.floor(share * 100)} %`
}
