# Completion of 'mem' and 'git mem' for fish, printed by 'mem completion fish'.

function __mem_complete
    set -l words (commandline -opc)
    set -l last (commandline -ct)
    set -l program mem
    if test "$words[1]" = git
        set -l at (contains -i -- mem $words)
        set program $words[1..$at]
        set words $words[$at..]
    end
    for line in ($program complete -- $words[2..] "$last" 2>/dev/null)
        switch $line
            case \tfiles
                __fish_complete_path (string replace -r '^--[^=]*=' '' -- "$last")
            case \tdirectories
                __fish_complete_directories (string replace -r '^--[^=]*=' '' -- "$last")
            case '*'
                echo $line
        end
    end
end

complete -c mem -f -k -a '(__mem_complete)'
complete -c git-mem -f -k -a '(__mem_complete)'
complete -c git -n 'functions -q __fish_git_needs_command; and __fish_git_needs_command' -a mem -d 'Write, review and search the memory of this repository'
complete -c git -f -k -n 'functions -q __fish_git_using_command; and __fish_git_using_command mem' -a '(__mem_complete)'
