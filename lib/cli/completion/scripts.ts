import type {CompletionShell} from './shells.js';

// Each hands the words up to the cursor, the program's name in front, to Sealport in a variable: as
// arguments, PowerShell would lose those that are empty, and a lone `--` besides.

const bash = `# Tab for sealport in bash
_sealport() {
	local line kind='' IFS=$'\\x1f'
	COMPREPLY=()
	while IFS= read -r line; do
		if [[ -z $kind ]]; then
			kind=$line
		else
			COMPREPLY+=("\${line%%$'\\t'*}")
		fi
	done < <(SEALPORT_COMPLETE="\${COMP_WORDS[*]:0:COMP_CWORD+1}" sealport completion bash 2>/dev/null)
	if [[ \${#COMPREPLY[@]} -eq 1 && \${COMPREPLY[0]} == *= ]]; then
		compopt -o nospace 2>/dev/null
	fi
}
complete -o bashdefault -o default -F _sealport sealport
`;

const zsh = `#compdef sealport
# Tab for sealport in zsh
_sealport() {
	local separator=$'\\x1f' line
	local -a lines offers open
	lines=("\${(@f)$(SEALPORT_COMPLETE="\${(pj:$separator:)\${(@Q)words[1,CURRENT]}}" sealport completion zsh 2>/dev/null)}")
	if [[ $lines[1] == files ]]; then
		[[ $PREFIX == --*=* ]] && compset -P '*='
		_files
		return
	fi
	for line in "\${(@)lines[2,-1]}"; do
		line="\${line//:/\\\\:}"
		line="\${line/$'\\t'/:}"
		if [[ \${line%%:*} == *= ]]; then
			open+=("$line")
		else
			offers+=("$line")
		fi
	done
	_describe -t values value offers -- open -S ''
}
if [[ \${zsh_eval_context[-1]} == loadautofunc ]]; then
	_sealport "$@"
else
	(( $+functions[compdef] )) || { autoload -Uz compinit && compinit; }
	compdef _sealport sealport
fi
`;

const fish = `# Tab for sealport in fish
function __sealport_complete
	set -l words (commandline -opc)
	set -l current (commandline -ct)
	set -lx SEALPORT_COMPLETE (string join \\x1f -- $words "$current")
	set -l lines (sealport completion fish 2>/dev/null)
	if test "$lines[1]" = files
		set -l flag (string match -r -- '^--[^=]+=' "$current")
		for path in (__fish_complete_path (string replace -r -- '^--[^=]+=' '' "$current"))
			echo "$flag$path"
		end
	else if test (count $lines) -gt 1
		printf '%s\\n' $lines[2..-1]
	end
end
complete -c sealport -f -a '(__sealport_complete)'
`;

const powershell = `# Tab for sealport in PowerShell
Register-ArgumentCompleter -Native -CommandName sealport -ScriptBlock {
	param($wordToComplete, $commandAst, $cursorPosition)
	$before = @($commandAst.CommandElements |
		Where-Object { $_.Extent.EndOffset -lt $cursorPosition } | ForEach-Object { $_.ToString() })
	$env:SEALPORT_COMPLETE = (@($before) + @("$wordToComplete")) -join [char]31
	try {
		$lines = @(sealport completion powershell 2>$null)
	} finally {
		Remove-Item Env:SEALPORT_COMPLETE
	}
	if ($lines.Count -gt 1 -and $lines[0] -eq 'words') {
		$lines | Select-Object -Skip 1 | ForEach-Object {
			$value, $meaning = $_ -split [char]9, 2
			if (-not $meaning) { $meaning = $value }
			[System.Management.Automation.CompletionResult]::new($value, $value, 'ParameterValue', $meaning)
		}
	}
}
`;

/** What makes Tab complete in each shell. ASCII only, since PowerShell may read it in any code page. */
export const scripts: Readonly<Record<CompletionShell, string>> = {bash, zsh, fish, powershell};
