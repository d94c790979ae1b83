#!/bin/sh
# What programs may expect of a root file system, seen by one client and by another.
# Usage: posix-cases.sh DIRECTORY SAME-DIRECTORY-BY-ANOTHER-MOUNT. One line a case: "ok NAME" or "not ok NAME".
# Needs root, and of programs: coreutils, util-linux, perl-base.
here=$1
there=$2

as() { # UID GROUPS COMMAND...: as another user, with these supplementary groups
  uid=$1 groups=$2
  shift 2
  if [ -n "$groups" ]; then
    setpriv --reuid "$uid" --regid "$uid" --groups "$groups" "$@"
  else
    setpriv --reuid "$uid" --regid "$uid" --clear-groups "$@"
  fi
}
is() { # WANTED COMMAND...: its output
  wanted=$1
  shift
  got=$("$@" 2>&1) || return 1
  [ "$got" = "$wanted" ] || { echo "# wanted '$wanted', got '$got': $*"; return 1; }
}
is_not() { # UNWANTED COMMAND...
  unwanted=$1
  shift
  [ "$("$@")" != "$unwanted" ] || { echo "# still '$unwanted': $*"; return 1; }
}
fails() { ! "$@" 2>/dev/null; }
fails_with() { # WORDS COMMAND...
  words=$1
  shift
  said=$(LC_ALL=C "$@" 2>&1) && return 1
  case $said in *"$words"*) ;; *) echo "# said: $said"; return 1 ;; esac
}
stamps() { stat -c '%y %z' "$1"; }
modified() { stat -c %y "$1"; }
changed() { stat -c %z "$1"; }

# The cases: each runs in an empty directory of its own, which the other client knows as $other.
a_removed_file_stays_usable_while_it_is_open() {
  echo first >f && exec 7<>f && rm f && fails test -e f || return 1
  echo second >&7 && is second cat /proc/self/fd/7 || return 1
  exec 7>&-
  for try in 1 2 3 4 5 6 7 8 9; do [ -z "$(ls -A)" ] || sleep 1; done # the client sends the removal when it likes
  is "" ls -A
}
a_name_is_taken_exclusively_once() {
  script='sysopen(F, $ARGV[0], O_WRONLY|O_CREAT|O_EXCL) or die "$!\n"'
  perl -MFcntl -e "$script" f && fails_with "File exists" perl -MFcntl -e "$script" f &&
    fails_with "File exists" perl -MFcntl -e "$script" "$other/f"
}
two_clients_append_in_turn() {
  for i in 1 2 3 4 5; do
    echo "here $i" >>f && echo "there $i" >>"$other/f" || return 1
  done
  is 10 sh -c 'wc -l <f' && is "there 5" tail -n 1 f && is "here 1" head -n 1 "$other/f"
}
a_truncation_is_seen_by_the_other_client() {
  head -c 100000 /dev/zero >f && is 100000 stat -c %s "$other/f" && truncate -s 5 f &&
    is 5 stat -c %s "$other/f" && is 5 sh -c "wc -c <'$other/f'"
}
what_one_client_writes_the_other_reads() {
  echo one >f && is one cat "$other/f" && echo two >"$other/f" && is two sh -c 'exec cat <f'
}
a_rename_by_one_client_replaces_the_others_file() {
  echo old >f && echo new >g && is old cat "$other/f" && mv g f && is new cat "$other/f" &&
    fails test -e "$other/g"
}
writing_changes_mtime_and_ctime() {
  echo 1 >f && m=$(modified f) c=$(changed f) && sleep 0.05 && echo 2 >>f &&
    is_not "$m" modified f && is_not "$c" changed f
}
a_mode_and_a_link_change_ctime_only() {
  echo 1 >f && m=$(modified f) c=$(changed f) && sleep 0.05 && chmod 600 f && is "$m" modified f &&
    is_not "$c" changed f && c=$(changed f) && sleep 0.05 && ln f g && is "$m" modified f &&
    is_not "$c" changed f
}
a_new_name_changes_the_times_of_its_directory() {
  mkdir d && t=$(stamps d) && sleep 0.05 && touch d/f && is_not "$t" stamps d && t=$(stamps d) &&
    sleep 0.05 && rm d/f && is_not "$t" stamps d
}
times_are_set_to_the_nanosecond() {
  touch -d '2001-02-03 04:05:06.789012345 UTC' f &&
    is 981173106.789012345 date -u -r f +%s.%N && touch -d '2040-01-01 UTC' f && is 2208988800 stat -c %Y "$other/f"
}
a_new_owner_takes_the_set_id_bits_away() {
  echo x >f && chmod 6755 f && chown 1000 f && is 755 stat -c %a f
}
a_write_by_another_takes_the_set_id_bits_away() {
  echo x >f && chmod 6777 f && as 1001 "" sh -c 'echo y >>f' && is 777 stat -c %a f
}
only_the_owner_removes_from_a_sticky_directory() {
  mkdir d && chmod 1777 d && as 1000 "" touch d/f && fails as 1001 "" rm -f d/f &&
    fails as 1001 "" mv d/f d/g && as 1000 "" rm d/f
}
a_setgid_directory_gives_its_group() {
  mkdir d && chgrp 2000 d && chmod 2775 d && touch d/f && mkdir d/e && is 2000 stat -c %g d/f &&
    is "2000 2755" stat -c '%g %a' d/e
}
a_program_that_may_only_be_executed_runs() {
  cp /bin/true t && chmod 111 t && as 1001 "" ./t && fails as 1001 "" cat t
}
supplementary_groups_count() {
  echo x >f && chgrp 3000 f && chmod 640 f && fails as 1001 "" cat f &&
    is x as 1001 2000,3000 cat f
}
the_owner_writes_what_she_may_not_open_any_more() {
  chmod 777 . && as 1000 "" sh -c 'exec 7>f; chmod 0 f; echo late >&7; exec 7>&-' && is late cat f
}
links_are_counted_and_one_file() {
  echo x >f && ln f g && ln g h && is 3 stat -c %h "$other/f" && rm g && is 2 stat -c %h h &&
    is "$(stat -c %i f)" stat -c %i h && chmod 600 f && is 600 stat -c %a h
}
links_that_lead_in_a_ring_are_told() {
  ln -s b a && ln -s a b && fails_with "Too many levels of symbolic links" cat a
}
a_dangling_link_is_a_link() {
  ln -s "no where/ $(printf '\303\251\377')" l && is "no where/ $(printf '\303\251\377')" readlink "$other/l" &&
    fails cat l && rm l
}
a_name_may_have_255_bytes_and_no_more() {
  long=$(printf '%0255d' 1) && touch "$long" && is "$long" ls "$other" &&
    fails_with "File name too long" touch "1$long"
}
a_directory_with_something_in_it_stays() {
  mkdir d && touch d/f && fails_with "not empty" rmdir d && fails mv -T /dev/null d && rm d/f && rmdir d
}
five_thousand_names_come_once_each() {
  mkdir d && (cd d && seq -f n%05g 5000 | xargs touch) && is 5000 sh -c 'ls -f d | grep -c n' &&
    is 5000 sh -c "ls '$other/d' | sort -u | wc -l" && is 1000 sh -c 'ls -f d | grep n | head -n 1000 | wc -l' &&
    (cd d && ls | head -n 2500 | xargs rm) && is 2500 sh -c "ls '$other/d' | wc -l" && rm -r d
}
a_file_with_a_hole_goes_beyond_four_gibibytes() {
  truncate -s 5G f && printf end | dd of=f bs=1 seek=5368709117 conv=notrunc status=none &&
    is 5368709120 stat -c %s "$other/f" && is end tail -c 3 "$other/f" && [ "$(du -k f | cut -f1)" -lt 1024 ] &&
    is 0 sh -c "dd if='$other/f' bs=4096 count=1 skip=1100000 status=none | tr -d '\\0' | wc -c"
}
a_lock_keeps_others_out() {
  exec 7>f && flock -n 7 && fails flock -n f true && exec 7>&- && flock -n f true
}
what_is_written_through_a_mapping_is_seen() {
  printf '%04096d' 0 >f && perl -e 'open(F, "+<", "f") or die; pipe(R, W); syswrite(W, "map");
      my $at = syscall(9, 0, 4096, 3, 1, fileno(F), 0); $at > 0 or die "mmap: $!";
      syscall(0, fileno(R), $at, 3) == 3 or die "read: $!";
      syscall(26, $at, 4096, 4) == 0 or die "msync: $!"; syscall(11, $at, 4096)' &&
    is map head -c 3 "$other/f" && is 4096 stat -c %s f
}
fifos_sockets_and_devices_keep_their_kind() {
  mkfifo p && mknod c c 1 3 && mknod b b 8 1 && is "fifo" stat -c %F "$other/p" &&
    is "character special file 1 3" stat -c '%F %t %T' "$other/c" && is "block special file" stat -c %F "$other/b"
}

cases=$(sed -n '/^# The cases/,$ s/^\([a-z0-9_]*\)() {$/\1/p' "$0")
umask 022
count=0
for name in $cases; do
  rm -rf "${here:?}/$name" && mkdir "$here/$name" && cd "$here/$name" || exit 1
  other=$there/$name
  export other
  if ("$name"); then echo "ok $name"; else echo "not ok $name"; fi
  cd / && rm -rf "${here:?}/$name"
  count=$((count + 1))
done
echo "cases $count"
