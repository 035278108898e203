// The page around GraphiQL: signing in, the token, the first query. It runs as it stands, without a build.
"use strict";

(() => {
  const endpoint = document.body.dataset.endpoint;
  const tokenKey = "lianluo:token";
  // Everything is kept for the tab only: this may be a shared computer, and variables may name people.
  const storage = window.sessionStorage;

  const firstQuery = `# 登录后点 ▶ 运行;左上角的书本是文档。
# Sign in, then press ▶; the book holds the docs.

query First($code: String!) {
  division(code: $code) {
    id code name fullName level
    parent { code name }
    ancestors { code name level }
    children(first: 100) {
      totalCount
      edges { node { code name level } }
      pageInfo { hasNextPage endCursor }
    }
    stations(first: 20) {
      totalCount
      edges { node { id name kind } }
    }
    roster { level mandates }
  }
}
`;
  const firstVariables = '{\n  "code": "430121"\n}\n';

  const signIn = document.getElementById("sign-in");
  const useToken = document.getElementById("use-token");
  const signOut = document.getElementById("sign-out");
  const state = document.getElementById("state");

  function tell(text, fault = false) {
    state.textContent = text;
    state.classList.toggle("fault", fault);
  }

  // ask sends one operation and answers the response, also of a refusal.
  async function ask(operation, headers = {}) {
    const token = storage.getItem(tokenKey);
    const response = await fetch(endpoint, {
      method: "POST",
      credentials: "omit",
      headers: {
        "Content-Type": "application/json",
        Accept: "application/graphql-response+json, application/json",
        ...(token ? { Authorization: `Bearer ${token}` } : {}),
        ...headers,
      },
      body: JSON.stringify(operation),
    });
    const answer = await response.json();
    if (answer.errors?.some((e) => e.extensions?.code === "UNAUTHENTICATED")) {
      tell(token ? "登录已过期,请重新登录 · Sign in again" : "请先登录 · Sign in first", true);
      storage.removeItem(tokenKey);
      showForms();
    }
    return answer;
  }

  // showForms shows what can be done: sign in, or out.
  function showForms() {
    const signedIn = storage.getItem(tokenKey) !== null;
    signIn.hidden = useToken.hidden = signedIn;
    signOut.hidden = !signedIn;
    return signedIn;
  }

  // showViewer says whose token it is.
  async function showViewer() {
    if (!showForms()) {
      tell("未登录 · Not signed in");
      return;
    }
    try {
      const answer = await ask({ query: "{ viewer { role division { code } } }" });
      const viewer = answer.data?.viewer;
      if (viewer) {
        tell(`${viewer.role} · ${viewer.division?.code ?? "000000000000"}`);
      } else if (storage.getItem(tokenKey) !== null) {
        tell(answer.errors?.[0]?.message ?? "令牌无效 · The token is not valid", true);
      }
    } catch {
      tell("连不上服务器 · The server does not answer", true);
    }
  }

  signIn.addEventListener("submit", async (event) => {
    event.preventDefault();
    const given = new FormData(signIn);
    signIn.elements.password.value = "";
    try {
      const answer = await ask({
        query: `mutation SignIn($username: String!, $password: String!) {
          signIn(input: { username: $username, password: $password }) { accessToken }
        }`,
        variables: { username: given.get("username"), password: given.get("password") },
      });
      const token = answer.data?.signIn?.accessToken;
      if (!token) {
        tell(answer.errors?.[0]?.message ?? "登录失败 · Not signed in", true);
        return;
      }
      storage.setItem(tokenKey, token);
    } catch {
      tell("连不上服务器 · The server does not answer", true);
      return;
    }
    await showViewer();
  });

  useToken.addEventListener("submit", async (event) => {
    event.preventDefault();
    const token = useToken.elements.token.value.trim().replace(/^Bearer\s+/i, "");
    useToken.reset();
    if (!/^[\w.~+/=-]+$/.test(token)) {
      tell("这不是令牌 · This is not a token", true);
      return;
    }
    storage.setItem(tokenKey, token);
    await showViewer();
  });

  signOut.addEventListener("click", () => {
    // With the token go the tabs and the history of queries.
    storage.clear();
    window.location.reload();
  });

  ReactDOM.createRoot(document.getElementById("graphiql")).render(
    React.createElement(GraphiQL, {
      fetcher: (operation, options) => ask(operation, options?.headers),
      storage,
      shouldPersistHeaders: false,
      defaultEditorToolsVisibility: "variables",
      // Later the tabs are as they were left.
      ...(storage.getItem("graphiql:tabState") ? {} : { query: firstQuery, variables: firstVariables }),
    }),
  );
  showViewer();
})();
