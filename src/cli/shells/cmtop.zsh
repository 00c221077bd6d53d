#compdef cmtop
# Completions of cmtop for zsh: they ask the program for names.
_cmtop() {
    local -a found directories others raw
    local candidate
    # The program gets words as it would if they were run: without quotes.
    found=("${(@f)$(_CLAP_IFS=$'\n' _CLAP_COMPLETE_INDEX=$((CURRENT - 1)) COMPLETE=zsh cmtop -- "${(@Q)words}" 2>/dev/null)}")
    [[ -n $found ]] || return 1
    # A quoted `~` is no home directory; what follows it is quoted here, and once more for `_describe`, which takes one away.
    [[ ${words[CURRENT]} == \~* ]] && raw=(-Q)
    for candidate in $found; do
        [[ -n $raw ]] && candidate="~/${(q)${(q)candidate#\~/}}"
        if [[ ${candidate%%:*} == */ ]]; then
            directories+=("${${candidate%%:*}%/}")
        else
            others+=("$candidate")
        fi
    done
    (( $#directories )) && _describe -V values directories $raw -S / -r /
    (( $#others )) && _describe -V values others $raw
}
# In a directory of $fpath this file is the function itself.
if [[ ${funcstack[1]} == _cmtop ]]; then
    _cmtop "$@"
else
    compdef _cmtop cmtop
fi
