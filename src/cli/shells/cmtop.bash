# Completions of cmtop for bash: they ask the program for names.
_cmtop() {
    # bash parts words at `:` and `=`: the name of a context may hold the one, the other stands between a flag and its
    # value. Here they are whole again.
    local words=() parts=false last=-1 i part
    for ((i = 0; i <= COMP_CWORD; i++)); do
        part=${COMP_WORDS[i]}
        if [[ $i -gt 0 && $part =~ ^[:=]+$ ]]; then
            words[last]+=$part
            parts=true
        elif [[ $parts == true ]]; then
            words[last]+=$part
            parts=false
        else
            words[++last]=$part
        fi
    done
    # What follows the cursor is not asked for, and what precedes the part that bash puts in is not put in again.
    local whole=${words[last]} part=${COMP_WORDS[COMP_CWORD]}
    [[ $part =~ ^[:=]+$ ]] && part=
    local before=${whole%"$part"}
    words[last]=$before$2
    local IFS=$'\n'
    COMPREPLY=($(_CLAP_IFS=$'\n' _CLAP_COMPLETE_INDEX=$last COMPLETE=bash cmtop -- "${words[@]}" 2>/dev/null))
    COMPREPLY=("${COMPREPLY[@]#"$before"}")
    # A directory goes on.
    [[ ${COMPREPLY[0]-} == *[/=] ]] && compopt -o nospace 2>/dev/null
    return 0
}
if [[ ${BASH_VERSINFO[0]} -gt 4 || ${BASH_VERSINFO[0]} -eq 4 && ${BASH_VERSINFO[1]} -ge 4 ]]; then
    complete -o nosort -F _cmtop cmtop
else
    complete -F _cmtop cmtop
fi
