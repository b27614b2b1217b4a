/**
 * Signals everything that belongs to one run, from inside the container: processes with the run's marker in their
 * environment, their sessions, and all descendants of these. Only builtins of a POSIX shell, since `ps`, `pkill` and
 * `grep` are missing from many images. $1 is the marker, $2 the signal, $3 the pid of the main process (0: not known).
 *
 * Everything found is stopped first and looked up again, so that nothing forks away between the look and the signal.
 * Prints one line at its end: `alive:` and the pids that are still alive (zombies are not) after the signal.
 */
export const KILL_SCRIPT = `
exec 2>/dev/null
marker=$1 signal=$2 main=$3 run=' ' sessions=' '
marked() {
  { while IFS= read -r line || [ -n "$line" ]; do
      case $line in *"$marker"*) return 0 ;; esac
    done < "/proc/$1/environ"; } 2>/dev/null
  return 1
}
scan() {
  grown=1
  while [ "$grown" = 1 ]; do
    grown=0
    for dir in /proc/[0-9]*; do
      pid=\${dir#/proc/}
      case $pid in 1 | $$) continue ;; esac
      case $run in *" $pid "*) continue ;; esac
      stat=
      { IFS= read -r stat < "$dir/stat"; } 2>/dev/null
      [ -n "$stat" ] || continue
      set -- \${stat##*) }
      case $1 in Z | X) continue ;; esac
      case $run in *" $2 "*) found=1 ;; *) found=0 ;; esac
      case $sessions in *" $4 "*) found=1 ;; esac
      [ "$found" = 1 ] || [ "$pid" = "$main" ] || marked "$pid" || continue
      run="$run$pid " grown=1
      case $4 in 0 | 1) ;; *) sessions="$sessions$4 " ;; esac
    done
  done
}
send() {
  for pid in $run; do kill -s "$1" "$pid" 2>/dev/null; done
}
alive() {
  left=
  for pid in $run; do
    stat=
    { IFS= read -r stat < "/proc/$pid/stat"; } 2>/dev/null
    [ -n "$stat" ] || continue
    set -- \${stat##*) }
    case $1 in Z | X) ;; *) left="$left$pid " ;; esac
  done
}
before=
scan
while [ "$run" != "$before" ]; do
  before=$run
  send STOP
  scan
done
send "$signal"
[ "$signal" = KILL ] || send CONT
round=0
alive
while [ "$signal" = KILL ] && [ -n "$left" ] && [ "$round" -lt 200 ]; do
  round=$((round + 1))
  alive
done
echo "alive: $left"
`;
