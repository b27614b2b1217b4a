/**
 * Signals everything that belongs to one run, from inside the container: processes with the run's marker in their
 * environment, those found by an earlier pass, their sessions, and all descendants of these. Only builtins of a POSIX shell,
 * since `ps`, `pkill` and `grep` are missing from many images. $1 is the marker; $2 what to do: TERM, KILL, or LOOK for no
 * signal at all; $3 the pid of the main process (0: not known); $4 and $5 what the pass before printed as `alive` and `since`.
 *
 * Everything found is stopped first and looked up again, so that nothing forks away between the look and the signal.
 * Prints one line at its end, of processes alive after the signal (zombies are not):
 * `since` when the main process started, in ticks since boot, 0 if it was never seen;
 * `strays` that may have been the run's, but who can tell: they started since, are of nobody but process 1 (which orphans
 * become children of), have left its session, and have no run's marker;
 * `alive` the run's own, as pid:start, since a pid alone may have become another process's.
 */
export const KILL_SCRIPT = `
exec 2>/dev/null
marker=$1 action=$2 main=$3 known=" $4 " since=\${5:-0} run=' ' sessions=' ' parents=' 1 ' strays=
marked() {
  { while IFS= read -r line || [ -n "$line" ]; do
      case $line in *"$2"*) return 0 ;; esac
    done < "/proc/$1/environ"; } 2>/dev/null
  return 1
}
stat_of() {
  stat=
  { IFS= read -r stat < "/proc/$1/stat"; } 2>/dev/null
  stat=\${stat##*) }
  case $stat in '' | Z* | X*) return 1 ;; esac
}
scan() {
  grown=1
  while [ "$grown" = 1 ]; do
    grown=0
    for dir in /proc/[0-9]*; do
      pid=\${dir#/proc/}
      case $pid in 1 | $$) continue ;; esac
      case $run in *" $pid "*) continue ;; esac
      stat_of "$pid" || continue
      set -- $stat
      case $run in *" $2 "*) found=1 ;; *) found=0 ;; esac
      case $sessions in *" $4 "*) found=1 ;; esac
      case $known in *" $pid:\${20} "*) found=1 ;; esac
      [ "$found" = 1 ] || [ "$pid" = "$main" ] || marked "$pid" "$marker" || continue
      run="$run$pid " grown=1
      case $4 in 0 | 1) ;; *) sessions="$sessions$4 " ;; esac
      if [ "$2" = 0 ] || [ "$pid" = "$main" ]; then
        since=\${20}
        case $2 in 0) ;; *) parents="$parents$2 " ;; esac
      fi
    done
  done
}
scan_strays() {
  stat_of 1
  set -- $stat
  home=$4
  for dir in /proc/[0-9]*; do
    pid=\${dir#/proc/}
    case $run in *" $pid "*) continue ;; esac
    stat_of "$pid" || continue
    set -- $stat
    case $parents in *" $2 "*) ;; *) continue ;; esac
    [ "$4" != "$home" ] && [ "\${20}" -ge "$since" ] || continue
    marked "$pid" "\${marker%%=*}=ex_" || strays="$strays$pid "
  done
}
send() {
  for pid in $run; do kill -s "$1" "$pid" 2>/dev/null; done
}
alive() {
  left=
  for pid in $run; do
    stat_of "$pid" || continue
    set -- $stat
    left="$left$pid:\${20} "
  done
}
before=
scan
while [ "$action" != LOOK ] && [ "$run" != "$before" ]; do
  before=$run
  send STOP
  scan
done
case $action in
  LOOK) scan ;;
  TERM) send TERM; send CONT ;;
  KILL) send KILL ;;
esac
round=0
alive
while [ "$action" = KILL ] && [ -n "$left" ] && [ "$round" -lt 200 ]; do
  round=$((round + 1))
  alive
done
[ "$action" = TERM ] || scan_strays
echo "since: $since strays: $strays alive: $left"
`;
