package org.passerelle.proof;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The tree of RFC 6962 against the reference vectors of Certificate Transparency (its merkle_tree_test and
 * log_verifier_test, as also in github.com/transparency-dev/merkle), and all small trees against each other.
 */
@Tag("vectors")
class TreeVectorsTest {

    private static final String EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    private static final List<String> LEAVES =
            List.of("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f");

    /** Of the first one, two … eight leaves. */
    private static final List<String> ROOTS = List.of(
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
            "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
            "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
            "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
            "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328");

    private record Known(long first, long size, List<String> proof) {}

    /** Index of the leaf, size of the tree. */
    private static final List<Known> INCLUSIONS = List.of(
            new Known(0, 1, List.of()),
            new Known(
                    0,
                    8,
                    List.of(
                            "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
                            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4")),
            new Known(
                    5,
                    8,
                    List.of(
                            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
                            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7")),
            new Known(2, 3, List.of("fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125")),
            new Known(
                    1,
                    5,
                    List.of(
                            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
                            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b")));

    /** Old size, new size. */
    private static final List<Known> CONSISTENCIES = List.of(
            new Known(1, 1, List.of()),
            new Known(
                    1,
                    8,
                    List.of(
                            "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
                            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4")),
            new Known(
                    6,
                    8,
                    List.of(
                            "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
                            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7")),
            new Known(
                    2,
                    5,
                    List.of(
                            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b")));

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex);
    }

    private static List<String> hex(List<byte[]> hashes) {
        return hashes.stream().map(HexFormat.of()::formatHex).toList();
    }

    private static List<byte[]> proof(Known known) {
        return known.proof().stream().map(TreeVectorsTest::bytes).toList();
    }

    /** Tiles in memory, filled in two steps so that narrow ones are continued. */
    private static TileTree tree(List<byte[]> leafHashes, int firstStep) {
        Map<Tile, byte[]> tiles = new HashMap<>();
        TileTree tree = new TileTree(tiles::get);
        int split = Math.min(firstStep, leafHashes.size());
        if (split > 0) {
            tiles.putAll(tree.added(0, leafHashes.subList(0, split)));
        }
        if (split < leafHashes.size()) {
            tiles.putAll(tree.added(split, leafHashes.subList(split, leafHashes.size())));
        }
        return tree;
    }

    private static List<byte[]> reference() {
        TreeHash hash = new TreeHash();
        return LEAVES.stream().map(leaf -> hash.leaf(bytes(leaf))).toList();
    }

    @Test
    void theRootsOfTheReferenceTree() {
        assertThat(new TreeHash().empty()).isEqualTo(bytes(EMPTY));
        Frontier frontier = new Frontier(new TreeHash());
        assertThat(frontier.root()).isEqualTo(bytes(EMPTY));
        TileTree tree = tree(reference(), 3);
        for (int size = 1; size <= LEAVES.size(); size++) {
            frontier.add(reference().get(size - 1));
            assertThat(frontier.root()).isEqualTo(bytes(ROOTS.get(size - 1)));
            assertThat(tree.root(size)).isEqualTo(bytes(ROOTS.get(size - 1)));
        }
    }

    @Test
    void theInclusionProofsOfTheReferenceTree() {
        TileTree tree = tree(reference(), 5);
        for (Known known : INCLUSIONS) {
            assertThat(hex(tree.inclusion(known.first(), known.size()))).isEqualTo(known.proof());
            byte[] leaf = reference().get((int) known.first());
            byte[] root = bytes(ROOTS.get((int) known.size() - 1));
            assertThat(TreeProof.includes(known.first(), known.size(), leaf, proof(known), root))
                    .isTrue();
            assertNothingElseIsIncluded(known, leaf, root);
        }
    }

    /** The wrong forms of the reference's verifierCheck. */
    private static void assertNothingElseIsIncluded(Known known, byte[] leaf, byte[] root) {
        List<byte[]> proof = proof(known);
        long index = known.first();
        long size = known.size();
        assertThat(TreeProof.includes(index - 1, size, leaf, proof, root)).isFalse();
        assertThat(TreeProof.includes(index + 1, size, leaf, proof, root)).isFalse();
        assertThat(TreeProof.includes(index ^ 2, size, leaf, proof, root)).isFalse();
        assertThat(TreeProof.includes(index, size * 2, leaf, proof, root)).isFalse();
        assertThat(TreeProof.includes(index, size / 2, leaf, proof, root)).isFalse();
        assertThat(TreeProof.includes(index, size, bytes(EMPTY), proof, root)).isFalse();
        assertThat(TreeProof.includes(index, size, leaf, proof, bytes(EMPTY))).isFalse();
        for (List<byte[]> wrong : damaged(proof, root)) {
            assertThat(TreeProof.includes(index, size, leaf, wrong, root)).isFalse();
        }
    }

    @Test
    void theConsistencyProofsOfTheReferenceTree() {
        TileTree tree = tree(reference(), 1);
        for (Known known : CONSISTENCIES) {
            assertThat(hex(tree.consistency(known.first(), known.size()))).isEqualTo(known.proof());
            byte[] older = bytes(ROOTS.get((int) known.first() - 1));
            byte[] newer = bytes(ROOTS.get((int) known.size() - 1));
            assertThat(TreeProof.consistent(known.first(), known.size(), older, newer, proof(known)))
                    .isTrue();
            if (known.first() < known.size()) {
                assertNothingElseIsConsistent(known, older, newer);
            }
        }
    }

    private static void assertNothingElseIsConsistent(Known known, byte[] older, byte[] newer) {
        List<byte[]> proof = proof(known);
        long first = known.first();
        long size = known.size();
        assertThat(TreeProof.consistent(first - 1, size, older, newer, proof)).isFalse();
        assertThat(TreeProof.consistent(first + 1, size, older, newer, proof)).isFalse();
        assertThat(TreeProof.consistent(first ^ 2, size, older, newer, proof)).isFalse();
        assertThat(TreeProof.consistent(first, size * 2, older, newer, proof)).isFalse();
        assertThat(TreeProof.consistent(first, size / 2, older, newer, proof)).isFalse();
        assertThat(TreeProof.consistent(first, size, newer, older, proof)).isFalse();
        assertThat(TreeProof.consistent(first, size, bytes(EMPTY), newer, proof))
                .isFalse();
        assertThat(TreeProof.consistent(first, size, older, newer, List.of())).isFalse();
        for (List<byte[]> wrong : damaged(proof, older)) {
            assertThat(TreeProof.consistent(first, size, older, newer, wrong)).isFalse();
        }
    }

    private static List<List<byte[]>> damaged(List<byte[]> proof, byte[] root) {
        List<List<byte[]>> all = new ArrayList<>();
        for (int i = 0; i < proof.size(); i++) {
            List<byte[]> changed = new ArrayList<>(proof);
            changed.set(i, bytes(EMPTY));
            all.add(changed);
        }
        for (byte[] garbage : List.of(new byte[0], root)) {
            List<byte[]> before = new ArrayList<>(proof);
            before.addFirst(garbage);
            all.add(before);
            List<byte[]> behind = new ArrayList<>(proof);
            behind.add(garbage);
            all.add(behind);
        }
        if (!proof.isEmpty()) {
            all.add(proof.subList(0, proof.size() - 1));
        }
        return all;
    }

    @Test
    void everyProofOfTreesAcrossTheEdgesOfTilesIsAccepted() {
        TreeHash hash = new TreeHash();
        Random random = new Random(6962);
        List<byte[]> leaves = new ArrayList<>();
        for (int i = 0; i < 66_000; i++) {
            byte[] entry = new byte[8];
            random.nextBytes(entry);
            leaves.add(hash.leaf(entry));
        }
        TileTree tree = tree(leaves, 255);
        List<Integer> sizes = List.of(1, 2, 3, 255, 256, 257, 511, 512, 513, 65_535, 65_536, 65_537, 66_000);
        Map<Integer, byte[]> roots = new HashMap<>();
        Frontier frontier = new Frontier(hash);
        for (byte[] leaf : leaves) {
            frontier.add(leaf);
            if (sizes.contains((int) frontier.size())) {
                roots.put((int) frontier.size(), frontier.root());
            }
        }
        for (int size : sizes) {
            assertThat(tree.root(size)).isEqualTo(roots.get(size));
            for (int index : List.of(0, size / 3, size / 2, size - 1)) {
                assertThat(TreeProof.includes(
                                index, size, leaves.get(index), tree.inclusion(index, size), roots.get(size)))
                        .isTrue();
            }
            for (int older : sizes) {
                if (older <= size) {
                    assertThat(TreeProof.consistent(
                                    older, size, roots.get(older), roots.get(size), tree.consistency(older, size)))
                            .isTrue();
                }
            }
        }
    }

    /** C2SP tlog-tiles: "a tree of size 70,000 will be represented by …" and "index 1234067 will be encoded as …". */
    @Test
    void tilesAreCutAndNamedAsTheSpecificationSays() {
        assertThat(new Tile(0, 272).width(70_000)).isEqualTo(256);
        assertThat(new Tile(0, 273).width(70_000)).isEqualTo(112);
        assertThat(new Tile(0, 274).width(70_000)).isZero();
        assertThat(new Tile(1, 0).width(70_000)).isEqualTo(256);
        assertThat(new Tile(1, 1).width(70_000)).isEqualTo(17);
        assertThat(new Tile(2, 0).width(70_000)).isEqualTo(1);
        assertThat(new Tile(1, 0).width(256)).isEqualTo(1);
        assertThat(new Tile(0, 1_234_067).path()).isEqualTo("0/x001/x234/067");
        assertThat(Tile.parse("0/x001/x234/067")).contains(new Tile.Asked(new Tile(0, 1_234_067), 256));
        assertThat(Tile.parse("1/001.p/17")).contains(new Tile.Asked(new Tile(1, 1), 17));
        for (String wrong : List.of(
                "0",
                "0/1",
                "8/000",
                "00/000",
                "0/x000/001",
                "0/001.p/0",
                "0/001.p/256",
                "0/001/002",
                "0/x001",
                "-1/000",
                "0/000.p/01",
                "0/00a")) {
            assertThat(Tile.parse(wrong)).as(wrong).isEmpty();
        }
    }

    @Test
    void tilesThatAreContinuedAreThoseOfOneStep() {
        List<byte[]> leaves = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            leaves.add(new TreeHash().leaf(new byte[] {(byte) i, (byte) (i >> 8)}));
        }
        Map<Tile, byte[]> atOnce = new TileTree(tile -> new byte[0]).added(0, leaves);
        Map<Tile, byte[]> bySteps = new HashMap<>();
        TileTree growing = new TileTree(bySteps::get);
        for (int from = 0; from < leaves.size(); ) {
            int to = Math.min(leaves.size(), from + 1 + from % 77);
            bySteps.putAll(growing.added(from, leaves.subList(from, to)));
            from = to;
        }
        assertThat(bySteps.keySet()).isEqualTo(atOnce.keySet());
        atOnce.forEach((tile, hashes) ->
                assertThat(Arrays.equals(bySteps.get(tile), hashes)).isTrue());
    }
}
