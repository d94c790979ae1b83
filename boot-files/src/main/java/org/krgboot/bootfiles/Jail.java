package org.krgboot.bootfiles;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.krgboot.linux.Errno;
import org.krgboot.linux.LinuxException;
import org.krgboot.model.BootFile;
import org.krgboot.model.BootFileTree.Answer;
import org.krgboot.model.BootFileTree.Why;

/**
 * A directory out of which no name leads, neither by ".." nor by a link.
 *
 * @param trusted a directory whose path only the operator can change
 * @param inside the jail's name in it, perhaps empty. Nodes may write there, so it may not be a
 *     link: a node could make its {@code boot} one to this machine's {@code /etc}
 */
record Jail(Path trusted, String inside) {
  /** A stranger can ask for what is not there all day. */
  private static final int MOST_LOOKED_AT = 1000;

  /** For a boot loader that tries names, all the same. */
  private static final Set<Errno> NO_SUCH_PATH =
      EnumSet.of(Errno.ENOENT, Errno.ENOTDIR, Errno.ELOOP, Errno.ENAMETOOLONG);

  static Jail of(Path directory) {
    return new Jail(directory, "");
  }

  Path directory() {
    return trusted.resolve(inside);
  }

  /**
   * A name as a node may write it, made relative: "\" is "/", a leading "/" is the jail's root.
   *
   * @return empty if no file can have that name, or it tries to climb
   */
  static Optional<String> clean(String asked) {
    if (asked.indexOf('\0') >= 0) {
      return Optional.empty();
    }
    StringBuilder name = new StringBuilder();
    for (String part : asked.replace('\\', '/').split("/", -1)) {
      if (part.equals("..")) {
        return Optional.empty();
      }
      if (!part.isEmpty() && !part.equals(".")) {
        name.append(name.isEmpty() ? "" : "/").append(part);
      }
    }
    return Optional.of(name.toString());
  }

  /** Opens a cleaned name. Links are followed as long as they stay inside. */
  Answer open(String name, BootFile.Role role) {
    try (Held top = Held.directory(trusted);
        Held held = Held.of(top.name().resolve(inside).resolve(name))) {
      // Where nodes write they can put a link at any moment: what counts is where the held file is.
      if (!held.place().startsWith(top.place().resolve(inside))) {
        return refused(Why.FORBIDDEN, name + " is a link that leads out of " + directory());
      }
      return DiskFile.open(held, role)
          .<Answer>map(Answer.Found::new)
          .orElseGet(() -> refused(Why.FORBIDDEN, name + " is no regular file"));
    } catch (InvalidPathException e) {
      return notFound(name);
    } catch (LinuxException e) {
      return refused(name, e);
    } catch (AccessDeniedException e) {
      return mayNotBeRead(name);
    } catch (IOException e) {
      return failed(name, e);
    }
  }

  private static Answer.Refused refused(String name, LinuxException e) {
    if (NO_SUCH_PATH.contains(e.errno())) {
      return notFound(name);
    }
    return e.errno() == Errno.EACCES ? mayNotBeRead(name) : failed(name, e);
  }

  private static Answer.Refused mayNotBeRead(String name) {
    return refused(Why.FORBIDDEN, name + " may not be read by the server");
  }

  /** Whether there is anything of that name, servable or not. */
  boolean holds(String name) {
    try {
      return Files.exists(directory().resolve(name), LinkOption.NOFOLLOW_LINKS);
    } catch (InvalidPathException e) {
      return false;
    }
  }

  /**
   * The one name that differs from a cleaned one in its capitals only; part by part.
   *
   * @return empty if there is none, or more than one to choose from
   */
  Optional<String> spelling(String name) {
    Path place = directory();
    StringBuilder spelt = new StringBuilder();
    for (String part : name.split("/", -1)) {
      Optional<String> found = alike(place, part);
      if (found.isEmpty()) {
        return Optional.empty();
      }
      place = place.resolve(found.get());
      spelt.append(spelt.isEmpty() ? "" : "/").append(found.get());
    }
    return Optional.of(spelt.toString());
  }

  private static Optional<String> alike(Path place, String part) {
    List<String> found = new ArrayList<>();
    try (Held directory = Held.directory(place);
        DirectoryStream<Path> entries = Files.newDirectoryStream(directory.name())) {
      int looked = 0;
      for (Path entry : entries) {
        String name = entry.getFileName().toString();
        if (++looked > MOST_LOOKED_AT) {
          return Optional.empty();
        }
        if (name.equals(part)) {
          return Optional.of(name);
        }
        if (name.equalsIgnoreCase(part)) {
          found.add(name);
        }
      }
    } catch (IOException | DirectoryIteratorException | InvalidPathException e) {
      return Optional.empty(); // no directory: nothing is alike
    }
    return found.size() == 1 ? Optional.of(found.getFirst()) : Optional.empty();
  }

  static Answer.Refused notFound(String name) {
    return refused(Why.NOT_FOUND, "there is no file " + name);
  }

  private static Answer.Refused failed(String name, IOException e) {
    return refused(Why.FAILED, name + " cannot be read: " + e.getMessage());
  }

  static Answer.Refused refused(Why why, String message) {
    return new Answer.Refused(why, message);
  }
}
