/** What each shell has to be told, so that it asks this command what could come next. */

export const shells = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof shells)[number];

const bash = `# Completion of longshore for bash; load it with: source <(longshore completion bash)
_longshore() {
  local word line cur=\${COMP_WORDS[COMP_CWORD]}
  local -a words=()
  # Bash takes --name=value apart; the command takes it in two words as well.
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD}"; do
    [[ $word == = ]] || words+=("$word")
  done
  if [[ $cur == = ]]; then
    cur=
    words+=("")
  fi
  COMPREPLY=()
  while IFS= read -r line; do
    case $line in
      :files | :folders)
        compopt -o filenames -o default 2>/dev/null
        while IFS= read -r word; do COMPREPLY+=("$word"); done \\
          < <(if [[ $line == :files ]]; then compgen -f -- "$cur"; else compgen -d -- "$cur"; fi)
        ;;
      *) COMPREPLY+=("\${line%%$'\\t'*}") ;;
    esac
  done < <("\${COMP_WORDS[0]}" completion bash -- "\${words[@]}" 2>/dev/null)
}
complete -F _longshore longshore
`;

const zsh = `#compdef longshore
# Completion of longshore for zsh; load it after compinit with: source <(longshore completion zsh)
_longshore() {
  local line program=\${(Q)words[1]}
  local -a values shown places
  while IFS= read -r line; do
    case $line in
      :files) places=(_files) ;;
      :folders) places=(_files -/) ;;
      *)
        values+=("\${line%%$'\\t'*}")
        shown+=("\${line/$'\\t'/  -- }")
        ;;
    esac
  done < <(\${~program} completion zsh -- "\${(@Q)words[2,CURRENT]}" 2>/dev/null)
  (( $#values )) && compadd -l -d shown -a values
  (( $#places )) && $places
}
if [[ $funcstack[1] == _longshore ]]; then
  _longshore "$@"
else
  compdef _longshore longshore
fi
`;

const fish = `# Completion of longshore for fish; load it with: longshore completion fish | source
function __longshore_complete
    set -l words (commandline -opc)
    set -l program $words[1]
    set -e words[1]
    set -l typed (commandline -ct)
    for line in ($program completion fish -- $words "$typed" 2>/dev/null)
        switch $line
            case :files
                __fish_complete_path "$typed"
            case :folders
                __fish_complete_directories "$typed"
            case '*'
                printf '%s\\n' $line
        end
    end
end
complete -c longshore -f -a '(__longshore_complete)'
`;

export const scripts: Record<Shell, string> = { bash, zsh, fish };
