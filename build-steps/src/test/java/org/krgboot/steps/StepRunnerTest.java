package org.krgboot.steps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.krgboot.steps.Step.Repeat;

/** Steps that are stopped anywhere, and what the next run makes of what they left. */
class StepRunnerTest {
  /** Writes its word behind those that are there. */
  private record Word(String text) implements Action {
    @Override
    public List<String> shown() {
      return List.of(text);
    }
  }

  /** The end of the process. */
  private static final class Killed extends Error {
    private static final long serialVersionUID = 1;
  }

  /** Can be brought back to any state; what it has is one line for each step. */
  private final class Lines implements Workplace<Word> {
    private int untilKilled;

    Lines(int untilKilled) {
      this.untilKilled = untilKilled;
    }

    private void perhapsKilled(String half) throws IOException {
      if (untilKilled-- == 0) {
        Files.writeString(work, half + "\n", StandardOpenOption.APPEND);
        throw new Killed();
      }
    }

    @Override
    public boolean isThere() {
      return Files.exists(work);
    }

    @Override
    public void run(Word word) throws IOException {
      ran.add(word.text());
      List<String> lines = new ArrayList<>(Files.readAllLines(work));
      if (word.text().startsWith("again")) {
        lines.removeIf(line -> line.startsWith("half of again"));
      }
      Files.write(work, lines);
      perhapsKilled("half of " + word.text());
      lines.add(word.text());
      Files.write(work, lines);
    }

    @Override
    public int lastState(List<Step<Word>> steps, int good, UndoneSteps undone) {
      return switch (undone) {
        case UndoneSteps.Any _ -> 0;
        case UndoneSteps.Named(List<String> names) -> {
          int to = 0;
          while (to < good && !names.contains(steps.get(to).name())) {
            to++;
          }
          yield to;
        }
      };
    }

    @Override
    public void bringBack(List<Step<Word>> steps, int to) throws IOException {
      List<String> lines = Files.exists(work) ? Files.readAllLines(work) : List.of();
      Files.write(work, lines.subList(0, Math.min(to, lines.size())));
      perhapsKilled("half back");
    }
  }

  private static final BuildProgress NOBODY =
      new BuildProgress() {
        @Override
        public void step(int number, int of, String what) {}

        @Override
        public void note(String line) {}
      };

  @TempDir Path temporary;
  private BuildDirectory directory;
  private Path work;
  private Path bootId;
  private final List<String> ran = new ArrayList<>();

  @BeforeEach
  void machine() throws IOException {
    directory = new BuildDirectory(temporary.resolve("build"));
    work = temporary.resolve("work");
    Path proc = temporary.resolve("proc");
    Files.createDirectories(proc.resolve("self"));
    Files.createFile(proc.resolve("self/mountinfo"));
    bootId = Files.createDirectories(proc.resolve("sys/kernel/random")).resolve("boot_id");
    Files.writeString(bootId, "first");
  }

  /** A name that begins with "again" is of a step that can be done over what it has done. */
  private static List<Step<Word>> steps(String... words) {
    List<Step<Word>> steps = new ArrayList<>();
    for (int i = 0; i < words.length; i++) {
      Repeat repeat = words[i].startsWith("again") ? Repeat.AGAIN : Repeat.GO_BACK;
      steps.add(new Step<>("step" + i, words[i], repeat, List.of(new Word(words[i]))));
    }
    return steps;
  }

  private void run(int untilKilled, Stretch stretch, String... words) throws Exception {
    ran.clear();
    Machine machine = new Machine(System.getenv("PATH"), temporary.resolve("proc"));
    try (BuildSession session =
        BuildSession.open(directory, machine, new Remedy(Map.of()), "a test")) {
      new StepRunner<>(directory, session, new Lines(untilKilled), NOBODY)
          .run(steps(words), stretch);
    }
  }

  /** What is said to be done before it is. */
  private List<String> toDo(Stretch stretch, String... words) throws Exception {
    Machine machine = new Machine(System.getenv("PATH"), temporary.resolve("proc"));
    List<String> why = StepRunner.explain(directory, machine, new Lines(0), steps(words), stretch);
    List<String> toDo = new ArrayList<>();
    for (int i = 0; i < words.length; i++) {
      if (why.get(i).startsWith("to do")) {
        toDo.add(words[i]);
      }
    }
    return toDo;
  }

  private void run(String... words) throws Exception {
    run(Integer.MAX_VALUE, Stretch.ALL, words);
  }

  @Test
  void steps_that_are_done_are_not_done_again_unless_one_before_them_has_changed()
      throws Exception {
    run("a", "again b", "c");
    run("a", "again b", "c");
    assertThat(ran).isEmpty();
    run("a", "again B", "c");
    assertThat(ran).containsExactly("again B", "c");
    assertThat(work).hasContent("a\nagain B\nc\n");
  }

  @Test
  void wherever_it_was_killed_and_whatever_was_changed_the_next_run_ends_with_the_same()
      throws Exception {
    Random random = new Random(20261122);
    for (int round = 0; round < 60; round++) {
      String[] words = {"a", "again b", "c", "again d"};
      int changed = random.nextInt(8);
      if (changed < words.length) {
        words[changed] = words[changed] + random.nextInt(2);
      }
      Stretch stretch = random.nextInt(4) == 0 ? new Stretch(random.nextInt(4), 4) : Stretch.ALL;
      List<String> toDo = toDo(stretch, words);
      try {
        run(random.nextInt(6), stretch, words);
      } catch (Killed e) {
        assertThat(toDo.subList(0, ran.size())).as("round " + round).isEqualTo(ran);
        continue;
      }
      assertThat(toDo).as("round " + round).isEqualTo(ran);
      assertThat(work).as("round " + round).hasContent(String.join("\n", words) + "\n");
    }
  }

  @Test
  void killed_right_after_a_step_was_marked_as_done_it_is_not_done_again() throws Exception {
    run("a", "b");
    Files.copy(directory.done().resolve("001"), directory.begun());
    run("a", "b");
    assertThat(ran).isEmpty();
  }

  @Test
  void no_step_is_forgotten_before_it_is_written_down_that_going_back_was_begun() throws Exception {
    run("a", "b", "c");
    Path inTheWay = Files.createDirectories(directory.path().resolve("begun.new/x"));
    assertThatThrownBy(() -> run("a", "B", "c")).isInstanceOf(IOException.class);
    assertThat(directory.done().resolve("002")).exists();
    Files.delete(inTheWay);
    Files.delete(inTheWay.getParent());
    run("a", "B", "c");
    assertThat(work).hasContent("a\nB\nc\n");
  }

  @Test
  void killed_while_it_goes_back_it_takes_nothing_for_done() throws Exception {
    run("a", "b", "c");
    assertThatThrownBy(() -> run(0, Stretch.ALL, "a", "B", "c")).isInstanceOf(Killed.class);
    assertThat(work).hasContent("a\nhalf back\n");
    run("a", "b", "c");
    assertThat(ran).containsExactly("a", "b", "c");
    assertThat(work).hasContent("a\nb\nc\n");
  }

  @Test
  void a_step_that_was_begun_before_the_machine_started_is_undone_first() throws Exception {
    assertThatThrownBy(() -> run(2, Stretch.ALL, "a", "again b")).isInstanceOf(Killed.class);
    assertThat(work).hasContent("a\nhalf of again b\n");
    Files.writeString(work, "a\nlost\n");
    Files.writeString(bootId, "second");
    run("a", "again b");
    assertThat(work).hasContent("a\nagain b\n");
  }

  @Test
  void what_begins_anew_is_not_taken_for_a_part_that_is_done() throws Exception {
    run("a", "b", "c");
    Machine machine = new Machine(System.getenv("PATH"), temporary.resolve("proc"));
    try (BuildSession session =
        BuildSession.open(directory, machine, new Remedy(Map.of()), "a test")) {
      Path inTheWay = Files.createDirectory(directory.path().resolve("begun.new"));
      assertThatThrownBy(session::forget).isInstanceOf(IOException.class);
      assertThat(directory.done().resolve("002")).exists();
      Files.delete(inTheWay);
      session.forget();
      assertThat(directory.done()).doesNotExist();
    }
  }
}
