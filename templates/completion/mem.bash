# Completion of 'mem' and 'git mem' for bash, printed by 'mem completion bash'.

# __mem_reply INDEX PROGRAM...: complete the words behind COMP_WORDS[INDEX], asking PROGRAM.
__mem_reply() {
    local index=$1 i word gap rest=$COMP_LINE raw=${COMP_WORDS[COMP_CWORD]} prefix line value
    local -a words=()
    shift
    for ((i = 0; i <= COMP_CWORD; i++)); do # put together what COMP_WORDBREAKS has split, such as --topic=payments
        word=${COMP_WORDS[i]} gap=${rest%%"${COMP_WORDS[i]}"*} rest=${rest#*"${COMP_WORDS[i]}"}
        ((i > index)) || continue
        if [[ -n $gap || -z $word || ${#words[@]} -eq 0 ]]; then
            words+=("$word")
        else
            words[${#words[@]} - 1]+=$word
        fi
    done
    word=${words[${#words[@]} - 1]} prefix=${word%"$raw"}
    [[ $raw == [=:] ]] && prefix=$word
    for i in "${!words[@]}"; do
        words[i]=${words[i]#[\"\']} && words[i]=${words[i]%[\"\']}
    done
    word=${words[${#words[@]} - 1]}
    COMPREPLY=()
    while IFS= read -r line; do
        value=${line%%$'\t'*}
        case $line in
        $'\tfiles') __mem_paths -f "${word#"$prefix"}" ;;
        $'\tdirectories') __mem_paths -d "${word#"$prefix"}" ;;
        *)
            [[ $value == *= ]] && compopt -o nospace 2>/dev/null
            value=${value#"$prefix"}
            [[ $value == *[!A-Za-z0-9._/=@:+,-]* ]] && printf -v value %q "$value"
            COMPREPLY+=("$value")
            ;;
        esac
    done < <("$@" complete -- "${words[@]}" 2>/dev/null)
}

# __mem_paths -f|-d WORD: complete a file or a directory.
__mem_paths() {
    local path
    compopt -o filenames 2>/dev/null
    while IFS= read -r path; do
        COMPREPLY+=("$path")
    done < <(compgen "$1" -- "$2")
}

_mem() {
    local program=mem
    [[ $1 == */* ]] && program=${1/#\~/$HOME}
    __mem_reply 0 "$program"
}

# git's own completion calls this for 'git mem'.
_git_mem() {
    local i
    for ((i = 1; i < COMP_CWORD; i++)); do
        [[ ${COMP_WORDS[i]} == mem ]] && break
    done
    __mem_reply "$i" git "${__git_C_args[@]}" mem
}

complete -o nosort -F _mem mem git-mem 2>/dev/null || complete -F _mem mem git-mem
