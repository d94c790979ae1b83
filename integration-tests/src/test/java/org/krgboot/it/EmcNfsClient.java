package org.krgboot.it;

import com.emc.ecs.nfsclient.nfs.NfsCreateMode;
import com.emc.ecs.nfsclient.nfs.NfsDirectoryPlusEntry;
import com.emc.ecs.nfsclient.nfs.NfsException;
import com.emc.ecs.nfsclient.nfs.NfsReaddirplusResponse;
import com.emc.ecs.nfsclient.nfs.NfsSetAttributes;
import com.emc.ecs.nfsclient.nfs.NfsType;
import com.emc.ecs.nfsclient.nfs.io.Nfs3File;
import com.emc.ecs.nfsclient.nfs.io.NfsFileInputStream;
import com.emc.ecs.nfsclient.nfs.io.NfsFileOutputStream;
import com.emc.ecs.nfsclient.nfs.nfs3.Nfs3;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Random;

/**
 * The NFS client of Dell EMC at work on the server. A program of its own: it finds the server's
 * ports by port 111 alone, so it must run inside the test's namespace. Its lines begin with "> ".
 */
final class EmcNfsClient {
  private static final int BIG = 3_000_001;
  private static final int CHUNK = 100_000;
  private static final NfsSetAttributes KEEP = new NfsSetAttributes();

  private final Nfs3 nfs;

  private EmcNfsClient(Nfs3 nfs) {
    this.nfs = nfs;
  }

  /** Arguments: the step, {@code server:/path}, the user's number. */
  public static void main(String[] arguments) throws IOException {
    int user = Integer.parseInt(arguments[2]);
    EmcNfsClient client = new EmcNfsClient(new Nfs3(arguments[1], user, user, 2));
    switch (arguments[0]) {
      case "files" -> client.files();
      case "directories" -> client.directories();
      case "kinds" -> client.kinds();
      case "refusals" -> client.refusals();
      case "stranger" -> client.stranger();
      default -> throw new IllegalArgumentException(arguments[0]);
    }
    System.out.println("> done");
    System.exit(0); // its threads do not end by themselves
  }

  private static void say(String what, Object value) {
    System.out.println("> " + what + ": " + value);
  }

  private Nfs3File at(String path) throws IOException {
    return nfs.newFile(path);
  }

  private void files() throws IOException {
    byte[] content = new byte[BIG];
    new Random(5).nextBytes(content);
    try (OutputStream out = new NfsFileOutputStream(at("/big"))) {
      for (int from = 0; from < BIG; from += CHUNK) {
        out.write(content, from, Math.min(CHUNK, BIG - from));
      }
    }
    say("length", at("/big").lengthEx());
    try (InputStream in = new NfsFileInputStream(at("/big"))) {
      say("same", Arrays.equals(in.readAllBytes(), content));
    }
    say("renamed", at("/big").renameTo(at("/moved")));
    say("old name", at("/big").exists());
    at("/moved").setMode(0640);
    say("mode", Long.toOctalString(at("/moved").getMode() & 07777));
    NfsSetAttributes shorter = new NfsSetAttributes();
    shorter.setSize(5L);
    at("/moved").setAttributes(shorter);
    say("cut to", at("/moved").lengthEx());
    at("/moved").remove();
    say("removed", !at("/moved").exists());
  }

  private void directories() throws IOException {
    at("/d/e").mkdirs();
    for (int i = 0; i < 300; i++) {
      at("/d/e/file-" + i).create(NfsCreateMode.GUARDED, KEEP, null);
    }
    say("listed", at("/d/e").list().size());
    int entries = 0;
    int whole = 0;
    long cookie = 0;
    long verifier = 0;
    boolean end = false;
    while (!end) {
      NfsReaddirplusResponse part = at("/d/e").readdirplus(cookie, verifier, 2000, 8000);
      for (NfsDirectoryPlusEntry entry : part.getEntries()) {
        entries++;
        whole += entry.getAttributes().isLoaded() && entry.getFileHandle() != null ? 1 : 0;
      }
      cookie = part.getCookie();
      verifier = part.getCookieverf();
      end = part.isEof();
    }
    say("with dots", entries);
    say("with attributes and handle", whole);
  }

  private void kinds() throws IOException {
    at("/link").symlink("some/where", KEEP);
    say("link leads to", at("/link").readlink().getData());
    at("/one").createNewFile();
    at("/two").link(at("/one"));
    say("names", at("/two").getAttributes().getNlink());
    at("/null").mknod(NfsType.NFS_CHR, KEEP, new long[] {1, 3});
    say("device", Arrays.toString(at("/null").getAttributes().getRdev()));
    at("/pipe").mknod(NfsType.NFS_FIFO, KEEP, null);
    say("pipe", at("/pipe").getAttributes().getType());
    say("largest read", at("/").fsinfo().getFsInfo().rtmax);
    say("longest name", at("/").pathconf().getPosixAttributes().getNameMaximum());
  }

  private interface Attempt {
    void run() throws IOException;
  }

  private static void refused(String what, Attempt attempt) {
    try {
      attempt.run();
      say(what, "done");
    } catch (NfsException e) {
      say(what, e.getStatus().getValue());
    } catch (IOException e) {
      say(what, e.getClass().getSimpleName());
    }
  }

  private void refusals() throws IOException {
    at("/full/inner").mkdirs();
    at("/file").createNewFile();
    refused("guarded", () -> at("/file").create(NfsCreateMode.GUARDED, KEEP, null));
    refused("rmdir of a full one", () -> at("/full").rmdir());
    refused("rmdir of a file", () -> at("/file").rmdir());
    refused("remove of a directory", () -> at("/full").remove());
    refused("a name too long", () -> at("/" + "n".repeat(256)).mkdir());
    refused("readlink of a file", () -> at("/file").readlink());
    refused("into itself", () -> at("/full").rename(at("/full/inner/x")));
    refused("a forged handle", () -> nfs.wrapped_getAttr(nfs.makeGetAttrRequest(new byte[20])));
  }

  /** As a user who owns nothing here. */
  private void stranger() throws IOException {
    refused("a directory of one's own", () -> at("/mine").mkdir());
    refused("another's mode", () -> at("/theirs").setMode(0777));
    refused("another's secret", () -> at("/theirs").read(0, 10, new byte[10], 0));
  }
}
