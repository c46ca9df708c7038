// What the spectator sees.

const began = Date.now();
const colour = (code) => (text) => (process.stdout.isTTY ? `\x1b[${code}m${text}\x1b[0m` : text);
const bold = colour(1);
const dim = colour(2);
const red = colour(31);
const green = colour(32);

function elapsed() {
	const seconds = Math.round((Date.now() - began) / 1000);
	return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

export class Screen {
	chapter(text) {
		console.log(`\n${bold(text)}`);
	}

	/** Something happened, in `block`. */
	step(block, text) {
		console.log(`${dim(`${elapsed().padStart(6)}  #${String(block).padEnd(4)}`)} ${text}`);
	}

	/** Something was compared. */
	check(holds, text) {
		console.log(`${' '.repeat(13)} ${holds ? green('✓') : red('✗')} ${text}`);
	}

	table(title, head, rows) {
		const cells = [head, ...rows].map((row) => row.map(String));
		const widths = head.map((_, column) => Math.max(...cells.map((row) => row[column].length)));
		const isNumber = head.map((_, column) =>
			rows.every((row) => row[column] === '' || /^[-+]?[\d,.]+( FLT| USDC)?$/.test(row[column])),
		);
		const line = (row) =>
			row
				.map((cell, i) => (isNumber[i] ? cell.padStart(widths[i]) : cell.padEnd(widths[i])))
				.join('  ')
				.trimEnd();
		console.log(`\n${bold(title)}`);
		console.log(dim(line(cells[0])));
		for (const row of cells.slice(1)) console.log(line(row));
	}
}
