#compdef mem git-mem
# Completion of 'mem' and 'git mem' for zsh, printed by 'mem completion zsh'.

_mem() {
    local line value description ret=1
    local -a lines values open
    lines=("${(@f)$(mem complete -- "${(@Q)words[2,CURRENT-1]}" "${(Q)PREFIX}" 2>/dev/null)}")
    for line in $lines; do
        value=${line%%$'\t'*} description=${line#*$'\t'}
        case $line in
            $'\tfiles') compset -P '*='; _files && ret=0 ;;
            $'\tdirectories') compset -P '*='; _files -/ && ret=0 ;;
            *'='$'\t'*) open+=("${value//:/\\:}") ;;
            *) values+=("${value//:/\\:}${description:+:$description}") ;;
        esac
    done
    (( $#open )) && _describe -V 'key' open -S '' && ret=0
    (( $#values )) && _describe -V 'mem' values && ret=0
    return ret
}

# zsh's completion of git calls this for 'git mem'.
_git-mem() { _mem }

if [[ $funcstack[1] == _mem ]]; then
    _mem "$@"
elif (( $+functions[compdef] )); then
    compdef _mem mem git-mem
    () {
        local -a commands
        zstyle -g commands ':completion:*:*:git:*' user-commands
        (( $commands[(I)mem:*] )) || zstyle ':completion:*:*:git:*' user-commands $commands \
            'mem:write, review and search the memory of this repository'
    }
fi
